namespace Relo.Archive.PackedArchive;

/// <summary>The stored BTF of a kernel.</summary>
/// <param name="Form">How it is stored.</param>
/// <param name="Bytes">One zstd frame; empty for <see cref="PackedForm.Same"/>.</param>
/// <param name="StableFormBytes">The size of the stable form, for a difference.</param>
internal readonly record struct PackedBtf(PackedForm Form, byte[] Bytes, int StableFormBytes);
