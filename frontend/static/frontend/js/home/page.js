// The home page: the map and the list are one view of the same reports.

import "#js/home/report-map.js"
import { filtersOf, remember } from "#js/home/address.js"
import { List } from "#js/home/list.js"
import { Sheet } from "#js/home/sheet.js"
import { live } from "#js/live.js"

const config = JSON.parse(document.getElementById("map-config").textContent)
const section = document.querySelector(".home-list")
const list = new List(section, config)
const form = document.querySelector(".home-form")
const map = document.querySelector("report-map")
const sheet = new Sheet(document.querySelector(".map-page"), section)
const toggle = form.querySelector(".hide-done")
let words = config.filters.words ?? ""
let sort = config.sort
let place = config.place && { near: config.place.join(","), q: config.name }

const filters = () => ({ ...filtersOf(form), words })
const wish = (box) => ({ ...filters(), ...place, sort, box })

map.addEventListener("view:moved", ({ detail }) => {
  remember({ at: detail.at, zoom: detail.zoom })
  if (detail.byHand) list.show(wish(detail.box))
})
map.addEventListener("report:came", ({ detail }) => list.came(detail))
map.addEventListener("report:changed", ({ detail }) => list.changed(detail))
map.addEventListener("report:gone", ({ detail }) => list.gone(detail))
map.addEventListener("view:counts", ({ detail }) => list.count(detail))
map.addEventListener("report:chosen", ({ detail }) => list.choose(detail.code))
map.addEventListener("report:lit", ({ detail }) => list.light(detail.code, detail.on))
list.addEventListener("card:lit", ({ detail }) => map.light(detail.code, detail.on))
list.addEventListener("list:sort", ({ detail }) => resort(detail))
list.addEventListener("card:removes", ({ detail }) => drop(detail))

// ── Filters ──
form.addEventListener("change", ({ target }) => {
  if (target.name === "municipality") form.requestSubmit() // it has other parts of town
  else if (target.name !== "q") refilter()
})
toggle.addEventListener("click", (event) => {
  event.preventDefault()
  form.elements.status.value = toggle.value === "1" ? "open" : ""
  refilter()
})

function refilter() {
  const hides = form.elements.status.value === "open"
  toggle.setAttribute("aria-pressed", String(hides))
  toggle.value = hides ? "0" : "1"
  remember(filters())
  map.filter(filters())
  list.show(wish(map.box))
}

/** A removable chip was pressed. */
function drop(name) {
  if (name === "words") {
    words = ""
    form.elements.q.value = ""
    remember({ q: "" })
  } else if (name === "photo") form.elements.photo.checked = false
  else form.elements[name].value = ""
  refilter()
}

function resort(by) {
  sort = by
  remember({ sort })
  list.show(wish(map.box))
}

// ── The network ──
const isOff = () => !navigator.onLine
function showNetwork() {
  section.querySelector(".home-offline").hidden = !isOff()
  list.age(isOff() || live.state === "offline" || live.state === "stale")
}
for (const name of ["online", "offline"]) addEventListener(name, showNetwork)
addEventListener("online", () => list.again())
live.watch(showNetwork)

// ── Sharing ──
const share = section.querySelector(".share-view")
share.addEventListener("click", async () => {
  const view = { title: share.dataset.title, url: location.href }
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share(view).catch(() => {}) // closed again: nothing to say
    return
  }
  await navigator.clipboard.writeText(view.url)
  const said = share.nextElementSibling
  said.textContent = share.dataset.done
  setTimeout(() => (said.textContent = ""), 3000)
})
share.hidden = !(navigator.share || navigator.clipboard)

sheet.start()
map.start(config)
