using System.Formats.Tar;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>A member of a tar.</summary>
/// <param name="Name">Its path in the tar.</param>
/// <param name="Type">The entry type.</param>
/// <param name="SizeBytes">Bytes of its content.</param>
internal sealed record TarMember(string Name, TarEntryType Type, long SizeBytes);
