package dev.firstup.queue;

import dev.firstup.queue.parse.QueueFile;
import dev.firstup.queue.parse.YamlDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The folder of queue files, read again and again: a file is opened only when it may have changed. */
public final class QueueFolder {
    // Two writes within one tick of a file system's clock leave the same time: so young a file is always opened.
    private static final long YOUNG_MILLIS = 2_000;

    private final Path path;
    private final Clock clock;
    private Map<String, Seen> seen = new HashMap<>();

    QueueFolder(Path path, Clock clock) {
        this.path = path;
        this.clock = clock;
    }

    /**
     * What the folder holds.
     *
     * @param failure why it cannot be read; null where it can
     * @param contents by file name, in the order of names
     */
    record Reading(@Nullable String failure, SortedMap<String, Content> contents) {
        Reading {
            contents = Collections.unmodifiableSortedMap(contents);
        }
    }

    /**
     * What one file holds.
     *
     * @param hash equal for equal bytes; null where it cannot be read
     * @param failure why it cannot be read; null where it can
     */
    record Content(@Nullable String hash, @Nullable String failure) {}

    private record Stamp(@Nullable Object fileKey, long size, FileTime modified) {}

    private record Seen(@Nullable Stamp stamp, boolean young, Content content, byte @Nullable [] bytes) {}

    Path path() {
        return path;
    }

    Reading read() {
        Map<String, Seen> now = new HashMap<>();
        SortedMap<String, Content> contents = new TreeMap<>();
        try {
            for (Path file : list(path)) {
                String name = file.getFileName().toString();
                Seen found = look(file, seen.get(name));
                now.put(name, found);
                contents.put(name, found.content());
            }
        } catch (IOException e) {
            return new Reading(reason(e), new TreeMap<>());
        }
        seen = now;
        return new Reading(null, contents);
    }

    /** The bytes of a file that was new or changed when it was last read; null for any other. */
    public byte @Nullable [] bytes(String name) {
        Seen file = seen.get(name);
        return file == null ? null : file.bytes();
    }

    /** Lets go of the bytes, once they were made use of. */
    void forgetBytes() {
        seen.replaceAll((name, it) -> new Seen(it.stamp(), it.young(), it.content(), null));
    }

    /** The queue files of a folder in the order of their names. */
    static List<Path> list(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, QueueFolder::isQueueFile)) {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(files);
        return files;
    }

    /** Whether a path is named like a queue file; hidden ones belong to editors and to the mounting of ConfigMaps. */
    public static boolean isQueueFile(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(QueueFile.SUFFIX) && !name.startsWith(".");
    }

    /** A whole file, or one byte more than is allowed. Follows symbolic links. */
    public static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            // Opening a pipe would wait for its writer.
            throw Files.exists(file)
                    ? new IOException("it is not a regular file")
                    : new NoSuchFileException(file.toString());
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(YamlDocuments.LARGEST + 1);
        }
    }

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Seen look(Path file, @Nullable Seen before) {
        Stamp stamp = null;
        try {
            // Of the file that links lead to: a link that was swapped leads to another file key.
            BasicFileAttributes it = Files.readAttributes(file, BasicFileAttributes.class);
            stamp = new Stamp(it.fileKey(), it.size(), it.lastModifiedTime());
            if (before != null && !before.young() && stamp.equals(before.stamp())) {
                return before;
            }
            boolean young = clock.millis() - stamp.modified().toMillis() < YOUNG_MILLIS;
            byte[] bytes = bytes(file);
            Content content = new Content(hash(bytes), null);
            return before != null && content.equals(before.content())
                    ? new Seen(stamp, young, content, before.bytes())
                    : new Seen(stamp, young, content, bytes);
        } catch (IOException e) {
            return new Seen(stamp, true, new Content(null, reason(e)), null);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
