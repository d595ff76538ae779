// <coin-pile>: adds up notes and coins while they are counted. The server does it again.

/** „1234,56“ for the field of the sum. */
export function euros(cents) {
  return `${Math.trunc(cents / 100)},${String(cents % 100).padStart(2, "0")}`
}

/** Cents of `[{cents, count}]`; what is no number counts for nothing. */
export function worth(pieces) {
  return pieces.reduce((sum, { cents, count }) => sum + cents * (Number.isInteger(count) && count > 0 ? count : 0), 0)
}

if (globalThis.customElements) {
  class CoinPile extends HTMLElement {
    connectedCallback() {
      this.addEventListener("input", ({ target }) => target.dataset.cents && this.#add())
    }

    #add() {
      const fields = [...this.querySelectorAll("[data-cents]")]
      const pieces = fields.map((field) => ({
        cents: Number(field.dataset.cents),
        count: field.value === "" ? 0 : Number(field.value),
      }))
      const isEmpty = fields.every((field) => field.value === "")
      this.querySelector('[name="total"]').value = isEmpty ? "" : euros(worth(pieces))
    }
  }
  customElements.define("coin-pile", CoinPile)
}
