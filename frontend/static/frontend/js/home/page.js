// The home page: the map and the list are one view of the same reports.

import "#js/home/report-map.js"
import { List } from "#js/home/list.js"
import { filtersOf, remember } from "#js/home/address.js"

const config = JSON.parse(document.getElementById("map-config").textContent)
const list = new List(document.querySelector(".home-list"), config)
const form = document.querySelector(".home-form")
const map = document.querySelector("report-map")

map.addEventListener("view:moved", ({ detail }) => {
  remember({ at: detail.at, zoom: detail.zoom, place: config.place })
  if (detail.byHand) list.show({ ...filtersOf(form), box: detail.box })
})
map.addEventListener("report:came", ({ detail }) => list.came(detail))
map.addEventListener("report:changed", ({ detail }) => list.changed(detail))
map.addEventListener("report:gone", ({ detail }) => list.gone(detail))
map.addEventListener("report:chosen", ({ detail }) => list.choose(detail.code))
map.addEventListener("report:lit", ({ detail }) => list.light(detail.code, detail.on))
list.addEventListener("card:lit", ({ detail }) => map.light(detail.code, detail.on))
list.addEventListener("card:removes", ({ detail }) => drop(detail))

form.addEventListener("change", ({ target }) => {
  if (target.id === "hide-done") form.elements.status.value = target.checked ? "open" : ""
  if (target.name !== "q") refilter()
})

function refilter() {
  const filters = filtersOf(form)
  form.querySelector("#hide-done").checked = filters.status === "open"
  remember({ ...filters, place: config.place })
  map.filter(filters)
  list.show({ ...filters, box: map.box })
}

/** A removable chip was pressed: filters change in place, a place needs a fresh page. */
function drop(name) {
  form.elements[name].value = ""
  refilter()
}

map.start(config)
