export function openArchive(place) { place.replaceChildren(); }
