// What lies under the boundaries: tiles from our own server, where it has any. No Leaflet here.

export const MARGIN = 4 // tiles around an area's box; the server (geo/tiles/region.py) has no more
const ENOUGH_ERRORS = 6 // in a row: then the plain ground is better than holes
// A picture of nothing, for tiles that nobody has: asking would only make an error.
export const NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

/** What the page says of its tiles ({ url, credit, least, most }), or null: none, or none wanted. */
export function backdrop() {
  if (navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches) return null
  const told = document.getElementById("map-tiles")
  return told && JSON.parse(told.textContent)
}

/** Whether a tile ({ x, y, z }) lies near one of the boxes [west, south, east, north]. Pure. */
export function isNear({ x, y, z }, boxes) {
  return boxes.some(([west, south, east, north]) => {
    const [left, right] = [column(west, z) - MARGIN, column(east, z) + MARGIN]
    const [top, bottom] = [row(north, z) - MARGIN, row(south, z) + MARGIN]
    return x >= left && x <= right && y >= top && y <= bottom
  })
}

const column = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z)

function row(lat, z) {
  const angle = (lat * Math.PI) / 180
  return Math.floor(((1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2) * 2 ** z)
}

/** Counts what came and what did not. Pure. */
export class Luck {
  #errors = 0

  came() {
    this.#errors = 0
  }

  /** Whether that was one too many. */
  failed() {
    this.#errors += 1
    return this.#errors >= ENOUGH_ERRORS
  }
}
