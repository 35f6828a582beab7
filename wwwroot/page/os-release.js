// Pasted /etc/os-release. A one-line field loses the line ends; the names are found anyway.

/** Distribution, version, and what else was pasted; null if the text is no os-release. */
export function osRelease(text) {
  const value = name => new RegExp(`(?:^|\\s)${name}=(?:"([^"]*)"|'([^']*)'|(\\S*))`).exec(` ${text}`)?.slice(1).find(Boolean);
  const [distro, version] = [value('ID'), value('VERSION_ID')];
  if (!distro && !version) return null;
  // The lines of os-release are NAME=value; any other text is the kernel.
  return { distro, version, kernel: text.replace(/(?:^|\s)[A-Z][A-Z0-9_]*=(?:"[^"]*"|'[^']*'|\S*)/g, ' ').trim() };
}
