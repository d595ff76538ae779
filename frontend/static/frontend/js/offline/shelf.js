// Where reports wait on this device: IndexedDB, which outlives reloads, crashes and a dead battery.
//
// A report: { id, state, fields: [[name, value]], photos: [{ id, size, stagedAt }], title, at (ms),
// door, photoDoor, form, language, notBefore?, sentences?, receipt? }. `state` is "draft", "waiting",
// "refused", "sent" or "discarded". A crew's answer is one, too: it has `kind` "crew". Photos lie apart, so that typing does not write them again.

const NAME = "augenmerk"
const STORES = ["reports", "photos"]

/** The device has no room left. What was kept before is still there. */
export class NoRoom extends Error {}

/** This browser keeps nothing here: a private window, or it was forbidden. */
export class NoShelf extends Error {}

export class Shelf {
  #opening = null

  async all() {
    return this.#do("readonly", "default", ({ reports }) => asked(reports.getAll()))
  }

  async get(id) {
    return this.#do("readonly", "default", async ({ reports }) => (await asked(reports.get(id))) ?? null)
  }

  /** Write down the whole report, and the photos of it that come along: id → Blob. */
  async put(report, photos = new Map()) {
    const kept = []
    for (const [id, blob] of photos) {
      // Bytes, since Safari loses blobs on the way to its service worker.
      kept.push({ id, report: report.id, type: blob.type, bytes: await blob.arrayBuffer() })
    }
    // Each key stroke need not wait for the disk; a report that is handed in must.
    const durability = report.state === "draft" ? "relaxed" : "strict"
    await this.#do("readwrite", durability, async ({ reports, photos: store }) => {
      for (const each of kept) store.put(each)
      await asked(reports.put(report))
      const named = new Set(report.photos.map(({ id }) => id))
      for (const id of await asked(store.index("report").getAllKeys(report.id))) {
        if (!named.has(id)) store.delete(id)
      }
    })
  }

  /** Change what `changes` makes of the report as it is; nothing where it is gone. */
  async change(id, changes) {
    await this.#do("readwrite", "strict", async ({ reports }) => {
      const report = await asked(reports.get(id))
      if (report) await asked(reports.put({ ...report, ...changes(report) }))
    })
  }

  async photo(id) {
    const kept = await this.#do("readonly", "default", ({ photos }) => asked(photos.get(id)))
    return kept ? new Blob([kept.bytes], { type: kept.type }) : null
  }

  /** The photos go, and of the report only what lists need stays. */
  async clear(id, changes) {
    await this.#do("readwrite", "strict", async ({ reports, photos }) => {
      const report = await asked(reports.get(id))
      if (report) await asked(reports.put({ ...report, fields: [], photos: [], ...changes }))
      await dropPhotos(photos, id)
    })
  }

  async remove(id) {
    await this.#do("readwrite", "strict", async ({ reports, photos }) => {
      reports.delete(id)
      await dropPhotos(photos, id)
    })
  }

  /** One transaction, and back when it is through. Throws NoRoom or NoShelf. */
  async #do(mode, durability, work) {
    try {
      const database = await this.#open()
      const deed = database.transaction(STORES, mode, { durability })
      const done = finished(deed)
      const value = await work({ reports: deed.objectStore("reports"), photos: deed.objectStore("photos") })
      await done
      return value
    } catch (error) {
      if (error?.name === "InvalidStateError") this.#opening = null
      throw isFull(error) ? new NoRoom() : new NoShelf(error?.message)
    }
  }

  #open() {
    this.#opening ??= opened().then((database) => {
      const forget = () => (this.#opening = null)
      database.onclose = forget
      database.onversionchange = () => forget() ?? database.close()
      return database
    })
    this.#opening.catch(() => (this.#opening = null))
    return this.#opening
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore("reports", { keyPath: "id" })
      const photos = request.result.createObjectStore("photos", { keyPath: "id" })
      photos.createIndex("report", "report")
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error("blocked"))
  })
}

function finished(deed) {
  const done = new Promise((resolve, reject) => {
    deed.oncomplete = () => resolve()
    deed.onabort = () => reject(deed.error)
  })
  done.catch(() => {}) // a request that failed tells it first
  return done
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function dropPhotos(photos, id) {
  for (const key of await asked(photos.index("report").getAllKeys(id))) photos.delete(key)
}

function isFull(error) {
  return error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError"
}
