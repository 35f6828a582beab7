export function openTypes(place) { place.replaceChildren(); }
