// <place-finder>: the place by GPS (only when asked), by address, or by a map with a crosshair.
//
// It says what was found by "place:chosen" ({ spot: "lon,lat", accuracy }) and what was typed by
// "place:search"; the form asks the server and puts the answer here.

const GOOD_ENOUGH_M = 50
const REST_MS = 350
const MAP = "#js/map/pin-picker.js" // loaded when the map is opened, not before

class PlaceFinder extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("#place")
    this.state = this.querySelector("[data-place-state]")
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("keydown", (event) => this.#key(event))
    this.field.addEventListener("input", () => this.#typed())
    this.#settled()
    this.addEventListener("pin:taken", (event) => this.#choose(event.detail.at, ""))
  }

  /** Whether it is the device that named the place. */
  get isByGps() {
    return Boolean(this.querySelector("[data-by-gps]"))
  }

  get spot() {
    return this.querySelector("[data-place-card]")?.dataset.spot ?? ""
  }

  /** Right after a photo was taken: the same moment, the same place. Asks, if need be. */
  locateAtCamera() {
    if (!this.spot && !this.isLocating && !this.field.value.trim()) this.#locate()
  }

  /** The step comes into view. */
  shown() {
    const { rough } = this
    this.rough = null
    if (rough && !this.spot) this.#openMap(rough)
    else if (!rough) this.locateIfAllowed()
  }

  /** Without asking: only where the visitor has allowed it before. */
  async locateIfAllowed() {
    if (this.spot || this.isLocating || !navigator.permissions) return
    const permission = await navigator.permissions.query({ name: "geolocation" }).catch(() => null)
    if (permission?.state === "granted" && !this.spot && !this.isLocating) this.#locate()
  }

  /** The server's answer about a chosen place has arrived. */
  settle() {
    this.state.textContent = ""
    const card = this.#settled()
    if (!card) return
    this.field.value = ""
    this.#closeMap()
    card.querySelector("[tabindex]")?.focus({ preventScroll: true })
  }

  /** The card of a chosen place that is served here: with it the ways to find one step back. */
  #settled() {
    const card = this.querySelector("[data-place-card]:not(.elsewhere)")
    this.toggleAttribute("data-has-place", Boolean(card))
    return card
  }

  #pressed(event) {
    if (event.target.closest("[data-locate]")) this.#locate({ isAsked: true })
    else if (event.target.closest("[data-open-map]")) this.#toggleMap()
    else if (event.target.closest("[data-place-yes]")) this.#confirm()
    else if (event.target.closest("[data-place-change]")) this.#change()
    else if (event.target.closest("[data-take-offer]")) this.#takeOffer(event)
    else if (event.target.closest("[data-photo-at]")) this.#settlePhoto(event)
    else if (event.detail > 0 && event.target.matches("#part-hits input")) {
      this.#choose(event.target.value.split(",").map(Number), "")
    }
  }

  #key(event) {
    if (event.key !== "Enter") return
    if (event.target === this.field) {
      event.preventDefault()
      this.#search()
    } else if (event.target.matches("#part-hits input:checked")) {
      event.preventDefault()
      this.#choose(event.target.value.split(",").map(Number), "")
    }
  }

  #typed() {
    clearTimeout(this.timer)
    if (this.field.value.trim().length < 3) return
    this.timer = setTimeout(() => this.#search(), REST_MS)
  }

  #search() {
    clearTimeout(this.timer)
    if (this.field.value.trim()) this.#tell("place:search", {})
  }

  #locate({ isAsked = false } = {}) {
    if (!navigator.geolocation) {
      this.state.textContent = this.dataset.wordsUnknown
      return
    }
    this.isLocating = true
    this.state.textContent = this.dataset.wordsSearching
    this.setAttribute("aria-busy", "true")
    navigator.geolocation.getCurrentPosition(
      (found) => this.#located(found.coords, { isAsked }),
      (problem) => this.#notLocated(problem, { isAsked }),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 20_000 },
    )
  }

  #located({ longitude, latitude, accuracy }, { isAsked }) {
    this.isLocating = false
    this.removeAttribute("aria-busy")
    // Whoever chose or typed something meanwhile knows better.
    if (!isAsked && (this.spot || this.field.value.trim())) {
      this.state.textContent = ""
      return
    }
    const at = [longitude, latitude]
    if (accuracy <= GOOD_ENOUGH_M) {
      this.#choose(at, Math.max(1, Math.round(accuracy)))
      return
    }
    this.state.textContent = this.dataset.wordsRough.replace("{n}", Math.round(accuracy / 10) * 10)
    const view = { at, zoom: accuracy > 500 ? 14 : 16 }
    if (this.offsetParent) this.#openMap(view)
    else this.rough = view // a hidden map has no size
  }

  #notLocated(problem, { isAsked }) {
    this.isLocating = false
    this.removeAttribute("aria-busy")
    const isDenied = problem.code === problem.PERMISSION_DENIED
    this.state.textContent = isDenied ? this.dataset.wordsDenied : this.dataset.wordsUnknown
    if (isAsked) this.field.focus()
  }

  #confirm() {
    this.querySelector("[data-place-card]").toggleAttribute("data-confirmed", true)
    this.#tell("place:confirmed", {})
  }

  /** Where the photo was taken. */
  #takeOffer(event) {
    event.preventDefault()
    this.#choose(event.target.closest("[data-take-offer]").value.split(",").map(Number), "")
  }

  /** "Wo wurde das Foto aufgenommen?" is answered; the form asks what that means. */
  #settlePhoto(event) {
    event.preventDefault()
    this.#tell("place:settled", { answer: event.target.closest("[data-photo-at]").value })
  }

  #change() {
    this.removeAttribute("data-has-place")
    this.field.focus()
  }

  #choose(at, accuracy) {
    const [lon, lat] = at
    this.#tell("place:chosen", { spot: `${lon.toFixed(6)},${lat.toFixed(6)}`, accuracy })
  }

  #toggleMap() {
    if (this.#map.hidden) this.#openMap({ at: this.spot ? this.spot.split(",").map(Number) : null })
    else this.#closeMap()
  }

  async #openMap(view) {
    this.#map.hidden = false
    this.querySelector("[data-open-map]").setAttribute("aria-expanded", "true")
    try {
      await import(MAP)
      await customElements.whenDefined("pin-picker")
      await this.#map.querySelector("pin-picker").open(view)
    } catch {
      this.#closeMap()
      this.state.textContent = this.dataset.wordsNoMap
    }
  }

  #closeMap() {
    this.#map.hidden = true
    this.querySelector("[data-open-map]").setAttribute("aria-expanded", "false")
  }

  get #map() {
    return this.querySelector("[data-pin-map]")
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

customElements.define("place-finder", PlaceFinder)
