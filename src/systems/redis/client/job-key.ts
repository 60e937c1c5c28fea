/** The key of the hash that keeps what is known of a job: when it was put in, who has it since when. */
export function jobKey(list: string, job: string | number): string {
  return `${list}:job:${job}`
}
