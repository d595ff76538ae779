// Boxes are [west, south, east, north] in degrees, positions [lon, lat], tiles {z, x, y}. No DOM.

const MAX_LATITUDE = 85.0511287798066

/** Column and row of the tile of zoom z that holds the position. */
export function tileOf([lon, lat], z) {
  const size = 2 ** z
  const clamped = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat))
  const sine = Math.sin((clamped * Math.PI) / 180)
  const x = Math.floor(((lon + 180) / 360) * size)
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size)
  const within = (value) => Math.max(0, Math.min(size - 1, value))
  return { z, x: within(x), y: within(y) }
}

/** Name of a tile, as in topics and addresses: "12/2145/1391". */
export const nameOf = ({ z, x, y }) => `${z}/${x}/${y}`

/** All tiles of zoom z that the box touches, row by row. */
export function tilesIn([west, south, east, north], z) {
  const first = tileOf([west, north], z)
  const last = tileOf([east, south], z)
  const tiles = []
  for (let y = first.y; y <= last.y; y += 1) {
    for (let x = first.x; x <= last.x; x += 1) tiles.push({ z, x, y })
  }
  return tiles
}

export const holds = ([west, south, east, north], [lon, lat]) =>
  lon >= west && lon <= east && lat >= south && lat <= north

/** The box with a margin of `share` of its sides all around. */
export function grown([west, south, east, north], share) {
  const across = (east - west) * share
  const up = (north - south) * share
  return [west - across, south - up, east + across, north + up]
}

/** The smallest box around the positions; null without any. */
export function around(positions) {
  if (positions.length === 0) return null
  const lons = positions.map(([lon]) => lon)
  const lats = positions.map(([, lat]) => lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** "west,south,east,north" with five decimals (a metre). */
export const written = (box) => box.map((degrees) => degrees.toFixed(5)).join(",")
