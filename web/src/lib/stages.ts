/** The way of a case without detours; the board has a column for each. */
export const STAGES = ['open', 'verifying', 'noticed', 'rectifying', 'replied', 'rechecking', 'closed'] as const;
