// Squarified tree map (Bruls, Huizing, van Wijk 2000): rectangles whose areas are their values, as square as can be.
export interface Tile<T> {
  item: T;
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

function worst(row: number[], side: number): number {
  const sum = row.reduce((total, value) => total + value, 0);
  const thickness = sum / side;
  return Math.max(...row.map((value) => Math.max(value / thickness / thickness, (thickness * thickness) / value)));
}

function lay<T>(row: { item: T; size: number }[], area: Area): { tiles: Tile<T>[]; rest: Area } {
  const sum = row.reduce((total, one) => total + one.size, 0);
  const tall = area.width >= area.height;
  const thickness = sum / (tall ? area.height : area.width);
  let along = tall ? area.y : area.x;
  const tiles = row.map(({ item, size }) => {
    const length = size / thickness;
    const tile = tall ? { item, x: area.x, y: along, width: thickness, height: length } : { item, x: along, y: area.y, width: length, height: thickness };
    along += length;
    return tile;
  });
  const rest = tall ? { ...area, x: area.x + thickness, width: area.width - thickness } : { ...area, y: area.y + thickness, height: area.height - thickness };
  return { tiles, rest };
}

export function treeMap<T>(items: T[], value: (item: T) => number, width: number, height: number): Tile<T>[] {
  const sized = items.map((item) => ({ item, size: Math.max(0, value(item)) })).filter((one) => one.size > 0).sort((a, b) => b.size - a.size);
  const total = sized.reduce((sum, one) => sum + one.size, 0);
  const scaled = sized.map((one) => ({ ...one, size: (one.size / total) * width * height }));
  let area: Area = { x: 0, y: 0, width, height };
  const tiles: Tile<T>[] = [];
  let row: typeof scaled = [];
  for (const one of scaled) {
    const side = Math.min(area.width, area.height);
    const sizes = row.map((other) => other.size);
    if (row.length && worst([...sizes, one.size], side) > worst(sizes, side)) {
      const laid = lay(row, area);
      tiles.push(...laid.tiles);
      area = laid.rest;
      row = [];
    }
    row.push(one);
  }
  return row.length ? [...tiles, ...lay(row, area).tiles] : tiles;
}
