// What we draw is read by a reader that others wrote.
import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrModules } from '../src/lib/qr';

const SCALE = 4;

function read(text: string): string | undefined {
  const modules = qrModules(text)!;
  const side = (modules.length + 8) * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (modules[Math.floor(y / SCALE) - 4]?.[Math.floor(x / SCALE) - 4]) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

describe('QR codes', () => {
  const secret = 'otpauth://totp/Fengsui:officer?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fengsui&algorithm=SHA1&digits=6&period=30';
  it('are read back, from the shortest to the longest', () => {
    for (const text of ['a', 'otpauth', secret, secret + '%E5%8C%BA'.repeat(8)]) expect(read(text)).toBe(text);
  });
  it('are read back in every version', () => {
    for (const length of [10, 20, 35, 55, 75, 100, 115, 140, 170, 205]) {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('');
      expect(read(text)).toBe(text);
    }
  });
  it('are not made of what does not fit', () => expect(qrModules('x'.repeat(400))).toBeNull());
});
