namespace Relo.Core.Elf;

/// <summary>A BPF object inside another file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="SizeBytes">Its size, up to the end of its last part.</param>
/// <param name="Sections">Names of its sections with instructions, the first few.</param>
/// <param name="SectionCount">The number of such sections.</param>
internal sealed record EmbeddedObject(int Offset, int SizeBytes, IReadOnlyList<string> Sections, int SectionCount);
