// The desk's maps: the reports of the list, and the place of one report. Lists say the same.

import { GroundMap } from "#js/map/leaflet.js"
import { PIN, pin } from "#js/map/pins.js"
import { isInside } from "#js/staff/lasso.js"

const TOWN_ZOOM = 13

/** Position and looks of anything that carries data-lon, data-lat, data-status, data-hazard. */
const facts = ({ dataset }) => ({
  code: dataset.code,
  at: [Number(dataset.lon), Number(dataset.lat)],
  status: dataset.status,
  hazard: dataset.hazard === "1",
})

export class ListMap {
  #map
  #onPress
  #onHover
  #places = new Map()

  /** `rows`: what stands in the list; `part`: what shall be seen, if anybody said; `fit`: else, without rows. */
  constructor(box, rows, { ground, part, fit, onPress, onHover, onMove }) {
    this.#onPress = onPress
    this.#onHover = onHover
    this.#map = new GroundMap(box, { fit: part ?? around(rows.map((row) => facts(row).at)) ?? fit })
    this.#map.addEventListener("moved", onMove)
    ground.then((areas) => this.#map.ground(areas)).catch(() => {})
    for (const row of rows) this.show(row)
  }

  show(row) {
    const { code, at, status, hazard } = facts(row)
    const drawing = pin({ status, hazard })
    if (row.classList.contains("is-fresh")) drawing.classList.add("pulse")
    this.#map.mark(code, at, drawing, {
      ...PIN,
      onPress: () => this.#onPress(code),
      onHover: (isOver) => this.#onHover(isOver ? code : null),
    })
    this.#places.set(code, at)
  }

  hide(code) {
    this.#map.unmark(code)
    this.#places.delete(code)
  }

  /** These rows, and no others. */
  showOnly(rows) {
    const codes = new Set(rows.map((row) => row.dataset.code))
    for (const code of this.#map.marked) if (!codes.has(code)) this.hide(code)
    for (const row of rows) if (!this.#places.has(row.dataset.code)) this.show(row)
  }

  /** West, south, east, north of what is seen. */
  get box() {
    return this.#map.box
  }

  get codesInBox() {
    const [west, south, east, north] = this.box
    return this.#codesWhere(([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north)
  }

  /** Of the pins within a line drawn on the map: corners in its pixels. */
  codesWithin(corners) {
    return this.#codesWhere((at) => isInside(this.#map.place(at), corners))
  }

  #codesWhere(isMeant) {
    return [...this.#places].filter(([, at]) => isMeant(at)).map(([code]) => code)
  }

  /** The reports that are selected in the list. */
  pick(codes) {
    for (const key of this.#map.marked) this.#map.drawing(key)?.classList.toggle("picked", codes.has(key))
  }

  /** The row that is pointed at; null: none. */
  light(code) {
    this.#single("lit", code)
  }

  /** The report that is open; "": none. */
  choose(code) {
    this.#single("chosen", code)
  }

  #single(name, code) {
    for (const key of this.#map.marked) {
      this.#map.drawing(key)?.classList.toggle(name, key === code)
      if (key === code) this.#map.front(key, 1000)
    }
  }

  zoom(way) {
    if (way === "in") this.#map.zoomIn()
    else this.#map.zoomOut()
  }

  resized() {
    this.#map.resized()
  }
}

/** A small still map with one pin. */
export function placeMap(box, article, ground) {
  const { code, at, status, hazard } = facts(article)
  const map = new GroundMap(box, { at, zoom: TOWN_ZOOM, inPage: true })
  ground.then((areas) => map.ground(areas)).catch(() => {})
  map.mark(code, at, pin({ status, hazard }), PIN)
  return map
}

/** The box around positions with a little air, or null when there are none. Degrees. */
export function around(positions) {
  if (!positions.length) return null
  const lons = positions.map(([lon]) => lon)
  const lats = positions.map(([, lat]) => lat)
  const air = 0.004
  return [Math.min(...lons) - air, Math.min(...lats) - air, Math.max(...lons) + air, Math.max(...lats) + air]
}
