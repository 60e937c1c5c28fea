import type { Micros } from './duration.ts'
import { minute, second } from './duration.ts'

export interface KeepAlive {
  /** µs of silence before the first probe. Linux: `tcp_keepalive_time`, 2 h. */
  readonly idle: Micros
  /** µs between probes. Linux: `tcp_keepalive_intvl`, 75 s. */
  readonly interval: Micros
  /** Probes without an answer that end the connection. Linux: `tcp_keepalive_probes`, 9. */
  readonly probes: number
}

/** What one end of a connection asks of its host. */
export interface ConnectOptions {
  /** µs that the opening may take. Linux gives up after about 127 s (`tcp_syn_retries` = 6). */
  readonly connectTimeout?: Micros
  /**
   * µs that sent data may stay unacknowledged. Linux: about 924 s (`tcp_retries2` = 15); also `TCP_USER_TIMEOUT`. A peer that is there but
   * does not read is waited for without end.
   */
  readonly userTimeout?: Micros
  /** Probes of an idle connection; none by default, as in Linux. */
  readonly keepAlive?: KeepAlive
  /** Bytes that this side may have unread before the peer's sending stalls (`SO_RCVBUF`). Its process being paused or busy counts. */
  readonly window?: number
}

export const connectDefaults = {
  connectTimeout: 127 * second,
  userTimeout: 15 * minute + 24 * second,
  window: 256 * 1024,
}
