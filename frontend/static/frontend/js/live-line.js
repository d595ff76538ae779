// The live line of a page: one socket that comes back, whatever happens to it. No DOM; the socket,
// the clock and the frame are handed in. The protocol is docs/live.md.

import { delay } from "#js/live-backoff.js"
import { Cursors } from "#js/live-cursors.js"
import { Inbox } from "#js/live-inbox.js"

const PING_MS = 20_000
const PONG_MS = 10_000
const BEAT_MS = 70_000 // three beats of the server and a breath
const RESYNC_MS = 2_000
const RELOAD_MS = 5_000 // who can't read anew must not ask without end
const TOO_MANY = 4029
const NONSENSE = 4000
const LONG_WAIT = 4 // the attempt with the longest wait

/**
 * States: "connecting", "live", "offline" (comes back by itself), "stale" (a topic was refused or
 * closed by the server, or nobody could read anew: only a fresh page helps).
 *
 * `tools`: `open() → WebSocket`, `later(ms, action) → cancel()`, `soon(action)` (the next frame),
 * `now() → ms`, `random() → 0…1`.
 */
export class Line {
  #tools
  #listeners = new Set()
  #watchers = new Set()
  #cursors = new Cursors()
  #inbox = new Inbox()
  #socket = null
  #isOpen = false
  #isAsking = false
  #isHanding = false
  #isResting = false
  #attempt = 0
  #lastBeat = 0
  #lastReload = -Infinity
  #toReload = new Set()
  #timers = new Map()
  #state = "connecting"

  constructor(tools) {
    this.#tools = tools
  }

  get state() {
    return this.#state
  }

  /**
   * Listen to topics from `cursor` on. `onMessage(message)` gets the page's messages, also those
   * of its other listeners; `onResync()` is called when too much was missed to be told: then read
   * everything anew; `onState(state)` at once and on every change. Returns the end of it.
   */
  subscribe(topics, { cursor = null, onMessage, onResync, onState } = {}) {
    const listener = { topics: [...new Set(topics)], onMessage, onResync }
    this.#listeners.add(listener)
    this.#cursors.want(listener.topics, cursor)
    const unwatch = onState ? this.watch(onState) : () => {}
    this.#ask()
    return () => {
      unwatch()
      if (!this.#listeners.delete(listener)) return
      const left = this.#cursors.unwant(listener.topics)
      if (left.length) this.#say({ type: "unsubscribe", topics: left })
      if (this.#cursors.isEmpty) this.#hangUp()
    }
  }

  /** `onState(state)` at once and on every change. Returns the end of it. */
  watch(onState) {
    this.#watchers.add(onState)
    onState(this.#state)
    return () => this.#watchers.delete(onState)
  }

  /** Something suggests that the connection is dead or alive again: find out. */
  check() {
    if (this.#isOpen) this.#ping()
    else this.#connect()
  }

  /** The page is put aside (and perhaps kept): hand over what waits, let go of the socket. */
  rest() {
    this.#isResting = true
    this.#hand()
    this.#hangUp()
  }

  /** The page is shown again. */
  wake() {
    if (!this.#isResting) return
    this.#isResting = false
    this.#ask()
  }

  // ── Connection ──

  #connect() {
    if (this.#socket || this.#isResting || this.#cursors.isEmpty) return
    this.#stop("connect")
    const socket = this.#tools.open()
    this.#socket = socket
    const mine = (action) => (event) => this.#socket === socket && action(event)
    socket.onopen = mine(() => this.#opened())
    socket.onmessage = mine(({ data }) => this.#heard(data))
    socket.onclose = mine(({ code }) => this.#closed(code))
    this.#start("pong", PONG_MS, () => this.#closed()) // a handshake that hangs is a dead one
  }

  #opened() {
    this.#isOpen = true
    this.#stop("pong")
    this.#lastBeat = this.#tools.now()
    this.#start("ping", PING_MS, () => this.#ping())
    this.#say(...this.#cursors.wishes())
  }

  #closed(code) {
    this.#hangUp()
    if (code === TOO_MANY || code === NONSENSE) this.#attempt = LONG_WAIT
    this.#tell("offline")
    this.#start("connect", delay(this.#attempt, this.#tools.random), () => this.#connect())
    this.#attempt += 1
  }

  #hangUp() {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    const socket = this.#socket
    this.#socket = null
    this.#isOpen = false
    this.#cursors.lost()
    socket?.close()
  }

  #ping() {
    if (this.#tools.now() - this.#lastBeat > BEAT_MS) return this.#closed()
    this.#say({ type: "ping" })
    if (!this.#timers.has("pong")) this.#start("pong", PONG_MS, () => this.#closed())
    this.#start("ping", PING_MS, () => this.#ping())
  }

  // ── Talk ──

  /** Several listeners that start in the same moment ask in one message. */
  #ask() {
    if (this.#isAsking) return
    this.#isAsking = true
    queueMicrotask(() => {
      this.#isAsking = false
      if (this.#isOpen) this.#say(...this.#cursors.wishes())
      else this.#connect()
    })
  }

  #say(...messages) {
    if (!this.#isOpen) return
    for (const message of messages) this.#socket.send(JSON.stringify(message))
  }

  #heard(text) {
    const message = parsed(text)
    if (!message) return
    switch (message.kind) {
      case "pong":
        return this.#stop("pong")
      case "cursor":
        this.#lastBeat = this.#tools.now()
        return this.#cursors.beat(message.cursor)
      case "ready":
        return this.#ready(message)
      case "resync":
        this.#cursors.lost() // now: a beat that comes before we ask knows what we don't
        return this.#start("resync", RESYNC_MS * this.#tools.random(), () =>
          this.#say(...this.#cursors.wishes()),
        )
      case "reload":
        return this.#reload(message)
      case "closed":
        this.#cursors.drop(message.topics)
        return this.#tell("stale")
      case "error":
        return console.warn("live:", message.message)
    }
    this.#inbox.put(message)
    this.#handSoon()
  }

  #ready({ topics, refused, cursor }) {
    this.#cursors.ready(topics, cursor)
    this.#cursors.drop(refused)
    if (refused.length) return this.#tell("stale")
    if (!this.#cursors.areReady) return
    this.#attempt = 0
    this.#tell("live")
  }

  #reload({ topics }) {
    for (const topic of topics) this.#toReload.add(topic)
    const rest = this.#lastReload + RELOAD_MS - this.#tools.now()
    if (rest > 0) this.#start("reload", rest, () => this.#readAnew())
    else this.#readAnew()
  }

  #readAnew() {
    this.#lastReload = this.#tools.now()
    const isConcerned = (listener) => listener.topics.some((topic) => this.#toReload.has(topic))
    const concerned = [...this.#listeners].filter(isConcerned)
    this.#toReload.clear()
    for (const { onResync } of concerned) guarded(() => onResync?.())
    if (concerned.some(({ onResync }) => !onResync)) this.#tell("stale")
  }

  #handSoon() {
    if (this.#isHanding) return
    this.#isHanding = true
    this.#tools.soon(() => this.#hand())
  }

  #hand() {
    this.#isHanding = false
    for (const message of this.#inbox.take()) {
      for (const { onMessage } of this.#listeners) guarded(() => onMessage?.(message))
    }
  }

  /** A stale page stays stale until it is loaded again. */
  #tell(state) {
    if (this.#state === state || this.#state === "stale") return
    this.#state = state
    for (const onState of this.#watchers) onState(state)
  }

  #start(name, ms, action) {
    this.#stop(name)
    const cancel = this.#tools.later(ms, () => {
      this.#timers.delete(name)
      action()
    })
    this.#timers.set(name, cancel)
  }

  #stop(name) {
    this.#timers.get(name)?.()
    this.#timers.delete(name)
  }
}

/** A listener that fails must not keep the others from hearing. */
function guarded(action) {
  try {
    action()
  } catch (error) {
    console.error(error)
  }
}

function parsed(text) {
  try {
    const message = JSON.parse(text)
    return message && typeof message === "object" ? message : null
  } catch {
    return null
  }
}
