package dev.firstup.store;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes the disk full under a store that runs, and frees it again: as long as it is, what is there can be read, and nothing written. */
public final class FullDisk {
    private FullDisk() {}

    public static void fill(Store store) {
        set(store, "ON");
    }

    public static void free(Store store) {
        set(store, "OFF");
    }

    private static void set(Store store, String full) {
        // Between two transactions.
        synchronized (store) {
            try (Statement statement = value(value(store, "sql", SqlSession.class), "connection", Connection.class)
                    .createStatement()) {
                statement.execute("PRAGMA query_only = " + full);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static <T> T value(Object owner, String name, Class<T> type) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(owner));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
