/** The nearest whole number; halves go to the even one, as they do on the server. */
export function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}

export function byte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : nearest(value);
}
