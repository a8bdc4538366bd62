package dev.firstup.model;

import java.time.Instant;

/**
 * One server as it stands in the health view.
 *
 * @param server the server
 * @param state what its verdicts amount to
 * @param since when that state was entered
 * @param streak known verdicts in a row that said the same: so many good ones, or minus so many failed ones
 * @param unknowns unknown verdicts in a row
 * @param failures the last 20 known verdicts, the newest in bit 0: 1 is a failed one. Cleared while it fails throughout
 * @param healthySince since when it has been up without one failed probe; null while it is not
 * @param downSince when it was last found down; null when it was not, or once its recovery is no longer news
 * @param last the newest verdict; null before the first
 */
public record ServerHealth(
        Server server,
        State state,
        Instant since,
        int streak,
        int unknowns,
        int failures,
        Instant healthySince,
        Instant downSince,
        Verdict last) {}
