export function openMany(place) { place.replaceChildren(); }
