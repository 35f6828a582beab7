namespace Relo.Archive.PackedArchive;

/// <summary>The split BTF of a module, or of inline sites (<c>nf_conntrack.inline</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Btf">Digest of its bytes, in hexadecimal digits.</param>
/// <param name="SizeBytes">Their number.</param>
internal sealed record PackedModule(string Name, string Btf, int SizeBytes);
