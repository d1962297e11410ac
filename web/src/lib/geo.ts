// A map of districts from the operator's GeoJSON, drawn as paths in a plain projection. Nothing in the file is taken on trust.
import { isObject } from './evidence';
import type { Json, JsonObject } from '../api/types';

export interface District {
  key: string;
  name: string;
  path: string;
}
type Ring = [number, number][];
const POINTS_LIMIT = 200_000;

function rings(geometry: Json | undefined): Ring[] {
  if (!isObject(geometry) || !Array.isArray(geometry.coordinates)) return [];
  const polygons = geometry.type === 'MultiPolygon' ? (geometry.coordinates as Json[]) : geometry.type === 'Polygon' ? [geometry.coordinates as Json] : [];
  const all = polygons.flatMap((polygon) => (Array.isArray(polygon) ? polygon : []));
  return all.map((ring) => (Array.isArray(ring) ? ring : []).filter((point): point is [number, number] => Array.isArray(point) && typeof point[0] === 'number' && typeof point[1] === 'number')).filter((ring) => ring.length > 2);
}

/** Districts in a box of the given size; null where the file holds none. */
export function readMap(file: Json, width: number, height: number): District[] | null {
  if (!isObject(file) || !Array.isArray(file.features)) return null;
  const features = file.features.filter(isObject).map((feature) => ({ properties: isObject(feature.properties) ? feature.properties : ({} as JsonObject), id: feature.id, rings: rings(feature.geometry) })).filter((feature) => feature.rings.length);
  const points = features.flatMap((feature) => feature.rings.flat());
  if (!points.length || points.length > POINTS_LIMIT) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) [west, south, east, north] = [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180) || 1;
  const scale = Math.min(width / ((east - west) * narrow || 1), height / (north - south || 1));
  const place = ([x, y]: [number, number]) => `${((x - west) * narrow * scale).toFixed(1)} ${((north - y) * scale).toFixed(1)}`;
  return features.map(({ properties, id, rings: own }, index) => ({
    key: String(properties.unit ?? properties.id ?? id ?? properties.name ?? index), name: String(properties.name ?? properties.unit ?? ''), path: own.map((ring) => `M${ring.map(place).join('L')}Z`).join(''),
  }));
}
