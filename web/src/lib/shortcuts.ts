// The keyboard's way through the application.
export const SHORTCUTS: [string[], string][] = [
  [['Ctrl', 'K'], 'palette'], [['?'], 'help'], [['/'], 'search'], [['j'], 'down'], [['k'], 'up'], [['Enter'], 'open'], [['x'], 'select'],
  [['g', 'o'], 'overview'], [['g', 'f'], 'findings'], [['g', 'c'], 'cases'], [['g', 'n'], 'notices'], [['g', 'u'], 'units'], [['g', 'd'], 'desk'],
  [['Esc'], 'close'],
];
export const GO: Record<string, string> = { o: '/overview', f: '/findings', c: '/cases', n: '/notices', u: '/units', d: '/desk' };

export function isTyping(event: KeyboardEvent): boolean {
  return (event.target as HTMLElement | null)?.closest?.('input, textarea, select, [contenteditable]') != null;
}

export const PALETTE_KEYS = 'Ctrl K';
