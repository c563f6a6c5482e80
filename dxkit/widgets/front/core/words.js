// How moments and amounts are written for people.

const pad = (number) => String(number).padStart(2, "0");

/** 14:03:22 of today, 11月30日 14:03 of another day. */
export function moment(at) {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return String(at ?? "");
  const day = when.toDateString() === new Date().toDateString();
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}`;
  return day
    ? `${clock}:${pad(when.getSeconds())}`
    : `${when.getMonth() + 1}月${when.getDate()}日 ${clock}`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} 字节`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
