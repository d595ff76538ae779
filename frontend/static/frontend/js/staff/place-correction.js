// <place-correction>: the deed's place chosen on a map. The crosshair comes when it is asked for.

class PlaceCorrection extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-open-map]")
    if (!this.button) return
    this.button.hidden = false
    this.button.addEventListener("click", () => this.#open())
    this.addEventListener("pin:taken", (event) => this.#taken(event.detail.at))
    this.querySelector("[name=address]").addEventListener("input", () => this.#forget())
  }

  async #open() {
    const place = this.querySelector("[data-map-place]")
    if (!place.firstElementChild) {
      await import("#js/map/pin-picker.js")
      place.append(document.getElementById("pin-picker").content.cloneNode(true))
    }
    const at = [Number(this.dataset.lon), Number(this.dataset.lat)]
    place.querySelector("pin-picker").open({ at, zoom: 17 })
  }

  #taken([lon, lat]) {
    this.querySelector("[name=spot]").value = `${lon.toFixed(6)},${lat.toFixed(6)}`
    this.querySelector("[data-taken]").textContent =
      this.querySelector("[data-where-words]").textContent
    this.button.focus()
  }

  #forget() {
    this.querySelector("[name=spot]").value = ""
    this.querySelector("[data-taken]").textContent = ""
  }
}

customElements.define("place-correction", PlaceCorrection)
