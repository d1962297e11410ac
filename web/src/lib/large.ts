// A large screen shows everything a third larger (styles/tokens.css): so do the parts that are counted in pixels.
const LARGE = '(min-width: 2400px)';
const FACTOR = 4 / 3;

export const scaleOfScreen = () => (window.matchMedia(LARGE).matches ? FACTOR : 1);
export const scaled = (width: string, scale: number) => (scale === 1 ? width : width.replace(/(\d+)px/g, (_, pixels: string) => `${Math.round(Number(pixels) * scale)}px`));
