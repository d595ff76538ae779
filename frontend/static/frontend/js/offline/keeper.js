// <draft-keeper>: whatever is put into the form is kept on this device at once, and "send" hands it to
// the queue. So nothing is lost by a reload, a crash, or a street without a network.

import { fieldsOf, fill, isBlank, toSend, valueOf } from "#js/offline/fields.js"
import { queue } from "#js/offline/queue.js"
import { register } from "#js/offline/register.js"
import { StandIn } from "#js/offline/standin.js"
import "#js/offline/waiting.js"
import { newId } from "#js/report/upload.js"

const PATIENCE_MS = 20_000 // so long does "send" wait for an answer before it speaks of later
const HERE = "augenmerk-draft" // in this tab: which draft it has open

class DraftKeeper extends HTMLElement {
  #isOver = false
  #isReached = true
  #dirty = false
  #saving = null
  #saved = ""
  #stored = new Set()
  #id = ""
  #blank = ""

  async connectedCallback() {
    this.page = this.closest("report-form")
    this.form = this.page.querySelector("form")
    this.standIn = new StandIn(this.dataset.keptForm)
    await customElements.whenDefined("report-form")
    this.picker = this.page.querySelector("photo-picker")
    if ("isKept" in this.dataset) this.#clientId.value = newId()
    this.#blank = JSON.stringify(fieldsOf(this.form))
    await this.#comeBack()
    this.#listen()
    this.network(navigator.onLine)
    queue.kick()
    whenIdle(() => register(this.dataset.keptForm))
  }

  disconnectedCallback() {
    removeEventListener("online", this.onNetwork)
    removeEventListener("offline", this.onNetwork)
    this.watch?.disconnect()
    this.letGo?.()
  }

  #listen() {
    for (const type of ["input", "change", "photos:changed"]) {
      this.page.addEventListener(type, () => this.#touched())
    }
    // Answers of the server bring inputs of their own, such as the place's; a step shows by its class.
    this.watch = new MutationObserver(() => this.#touched())
    const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] }
    this.watch.observe(this.form, changes)
    this.onNetwork = () => this.network(navigator.onLine)
    addEventListener("online", this.onNetwork)
    addEventListener("offline", this.onNetwork)
    queue.addEventListener("news", ({ detail }) => this.#hear(detail))
    this.querySelector("[data-anew]").addEventListener("click", () => sessionStorage.removeItem(HERE))
  }

  /** Say whether the server can be asked. */
  network(isThere) {
    this.#isReached = isThere
    this.querySelector("[data-offline]").hidden = isThere
  }

  /** What this device knows to be missing (of one step), as HTML; null when it is enough. */
  lacks(step) {
    return this.standIn.lacks(this.form, { photos: this.picker.count, step })
  }

  get #clientId() {
    return this.form.elements.client_id
  }

  // ── Keeping ──────────────────────────────────────────────────────────────────────────────
  #touched() {
    this.#dirty = true
    this.#saving ??= this.#drain().finally(() => (this.#saving = null))
  }

  async #drain() {
    while (this.#dirty && !this.#isOver) {
      this.#dirty = false
      await this.#save()
    }
  }

  async #save() {
    const fields = fieldsOf(this.form)
    const isBegun = this.picker.count > 0 || (!isBlank(fields) && JSON.stringify(fields) !== this.#blank)
    const report = this.#report()
    if (!isBegun) {
      if (this.#id) await this.#forget()
      return
    }
    const { at: _when, ...content } = report
    if (JSON.stringify(content) === this.#saved) return
    if (this.#id && this.#id !== report.id) await this.#forget()
    await this.#adopt(report.id)
    const photos = this.#unstored()
    const kept = await queue.keep(report, photos)
    this.#say(kept)
    if (kept !== "kept") return
    this.#saved = JSON.stringify(content)
    for (const id of photos.keys()) this.#stored.add(id)
  }

  #report() {
    const fields = fieldsOf(this.form)
    const { door, photoDoor, form } = this.dataset
    const photos = this.picker.kept()
    const title = this.#title(fields)
    const language = document.documentElement.lang
    const id = valueOf(fields, "client_id")
    return { id, state: "draft", fields, photos, title, at: Date.now(), door, photoDoor, form, language }
  }

  /** As the list calls it: what and where, as far as it is known. */
  #title(fields) {
    const category = valueOf(fields, "category")
    const tile = this.form.querySelector(`[name=category][value="${CSS.escape(category)}"]`)
    const place = this.form.querySelector("#part-place strong")
    return [tile?.closest("label"), place].map((each) => each?.textContent.trim()).filter(Boolean).join(", ")
  }

  #unstored() {
    const blobs = this.picker.blobs()
    return new Map([...blobs].filter(([id]) => !this.#stored.has(id)))
  }

  /** Nothing is to be reported any more: it was reported already. */
  async drop() {
    this.#isOver = true
    await this.#saving
    if (this.#id) await this.#forget()
  }

  async #forget() {
    await queue.remove(this.#id)
    this.#id = ""
    this.#saved = ""
    this.#stored.clear()
    this.letGo?.()
    sessionStorage.removeItem(HERE)
  }

  /** This tab has the draft open: no other one offers it. */
  async #adopt(id) {
    if (this.#id === id) return true
    this.letGo?.()
    const isMine = await this.#lock(id)
    if (!isMine) return false
    this.#id = id
    sessionStorage.setItem(HERE, id)
    return true
  }

  #lock(id) {
    if (!navigator.locks) return Promise.resolve(true)
    return new Promise((resolve) => {
      navigator.locks.request(`augenmerk-draft-${id}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock && new Promise((release) => (this.letGo = release))
      })
    })
  }

  #say(kept) {
    this.querySelector("[data-full]").hidden = kept !== "full"
    this.querySelector("[data-none]").hidden = kept !== "none"
  }

  // ── Coming back ──────────────────────────────────────────────────────────────────────────
  /** The draft that the address names, that this page is about, or that this tab had open. */
  async #comeBack() {
    const named = /^#entwurf-([\w-]+)$/.exec(location.hash)?.[1]
    if (named) history.replaceState(history.state, "", location.pathname + location.search)
    const isUntouched = isBlank(fieldsOf(this.form)) && this.picker.count === 0
    const here = isUntouched ? sessionStorage.getItem(HERE) : null
    for (const id of [named, this.#clientId.value, here].filter(Boolean)) {
      const draft = await queue.get(id)
      if (draft?.state === "waiting" && id === this.#clientId.value) return this.#handedIn(id)
      const isOpen = draft?.state === "draft" || draft?.state === "refused"
      if (isOpen && (await this.#adopt(id))) return this.#restore(draft)
    }
  }

  async #restore(draft) {
    if (draft.state === "refused" && draft.status === 409) draft = await this.#asAnother(draft)
    const blobs = new Map()
    for (const { id } of draft.photos) blobs.set(id, await queue.photo(id))
    this.picker.restore(draft.photos.map((photo) => ({ ...photo, blob: blobs.get(photo.id) })))
    for (const id of blobs.keys()) this.#stored.add(id)
    // Inputs that only the server's answer brings: what they held goes along with the question.
    const missing = fill(this.form, draft.fields)
    const loose = missing.map(([name, value]) => {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value })
      this.form.append(input)
      return input
    })
    await this.page.resume(location.hash.slice(1) || valueOf(draft.fields, "step"))
    for (const input of loose) input.remove()
    fill(this.form, missing) // no more than that: what was typed meanwhile is newer
    if (draft.state === "refused" && draft.status !== 409) await queue.change(draft.id, { state: "draft" })
    this.#touched()
  }

  /** It arrived once and was changed afterwards: what is sent now is a report of its own. */
  async #asAnother(draft) {
    const id = newId()
    const fields = draft.fields.map(([name, value]) => (name === "client_id" ? [name, id] : [name, value]))
    const photos = []
    const blobs = new Map()
    for (const photo of draft.photos) {
      const blob = await queue.photo(photo.id)
      if (!blob) continue
      const fresh = { ...photo, id: newId(), stagedAt: 0 }
      photos.push(fresh)
      blobs.set(fresh.id, blob)
    }
    const another = { ...draft, id, fields, photos, state: "draft" }
    await queue.keep(another, blobs)
    await queue.remove(draft.id)
    await this.#adopt(id)
    return another
  }

  // ── Handing in ───────────────────────────────────────────────────────────────────────────
  /**
   * "Send". Resolves to { goal } when it arrived, { isRefused } when the server (or this device)
   * has something to say about it, { isWaiting } when it will go by itself.
   */
  async handIn() {
    await this.picker.prepared()
    // A network that reaches nobody counts as none, or what lacks would be found out much later.
    const lacks = navigator.onLine && this.#isReached ? null : await this.lacks()
    if (lacks) return { isRefused: true, html: lacks }
    this.#isOver = true
    await this.#saving
    const report = this.#report()
    if (this.#id && this.#id !== report.id) await this.#forget()
    const kept = await queue.handIn({ ...report, fields: toSend(report.fields) }, this.#toHandIn())
    this.#say(kept)
    const outcome = await this.#outcome(report.id)
    if (outcome.isWaiting) await this.#handedIn(report.id, { isFleeting: kept !== "kept" })
    else if (outcome.isRefused) await this.#takeBack(report)
    return outcome
  }

  /** All photos where only this page has them; else those that the device lacks. */
  #toHandIn() {
    return this.#stored.size === 0 ? this.picker.blobs() : this.#unstored()
  }

  #outcome(id) {
    return new Promise((resolve) => {
      const patience = setTimeout(() => done({ isWaiting: true }), PATIENCE_MS)
      const done = (outcome) => {
        clearTimeout(patience)
        queue.removeEventListener("news", look)
        resolve(outcome)
      }
      const look = async ({ detail }) => {
        if (detail?.id && detail.id !== id) return
        const report = await queue.get(id)
        if (report?.state === "sent") done({ goal: await this.#seen(report) })
        else if (report?.state === "refused") done({ isRefused: true })
        else if (["lost", "later"].includes(detail?.kind)) done({ isWaiting: true })
      }
      queue.addEventListener("news", look)
      if (navigator.onLine) queue.kick()
      else done({ isWaiting: true })
    })
  }

  async #seen(report) {
    sessionStorage.removeItem(HERE)
    await queue.change(report.id, { isSeen: true })
    return report.receipt.thanks
  }

  /** The form has it again, to be mended. */
  async #takeBack(report) {
    await queue.keep(report, this.#unstored())
    await queue.change(report.id, { state: "draft" })
    this.#isOver = false
  }

  /** It is kept and goes by itself: the form steps aside. */
  async #handedIn(id, { isFleeting = false } = {}) {
    this.#isOver = true
    this.waitingFor = id
    sessionStorage.removeItem(HERE)
    this.letGo?.()
    const words = this.querySelector("[data-handed-in-words]")
    const waiting = (await queue.all()).filter(({ kind, state }) => !kind && state === "waiting").length
    const kept = waiting === 1 ? words.dataset.one : words.dataset.many.replace("{n}", waiting)
    words.textContent = isFleeting ? words.dataset.fleeting : kept
    this.querySelector("[data-may-close]").hidden = isFleeting
    this.form.hidden = true
    for (const part of this.querySelectorAll("[data-handed-in]")) part.hidden = false
    scrollTo(0, 0)
    this.querySelector("#handed-in-title").focus({ preventScroll: true })
  }

  /** While the page still shows that it waits: on to the thanks when it has arrived. */
  async #hear({ id, kind }) {
    if (!this.waitingFor || id !== this.waitingFor || kind !== "sent") return
    const report = await queue.get(id)
    if (report?.state === "sent") location.assign(await this.#seen(report))
  }
}

function whenIdle(work) {
  const soon = globalThis.requestIdleCallback ?? ((each) => setTimeout(each, 500))
  if (document.readyState === "complete") soon(work)
  else addEventListener("load", () => soon(work), { once: true })
}

customElements.define("draft-keeper", DraftKeeper)
