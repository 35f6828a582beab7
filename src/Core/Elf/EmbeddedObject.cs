namespace Relo.Core.Elf;

/// <summary>A BPF object inside of another file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="SizeBytes">How long it is: to the end of whichever part comes last.</param>
/// <param name="Sections">Names of its sections with instructions, the first few.</param>
/// <param name="SectionCount">How many there are.</param>
internal sealed record EmbeddedObject(int Offset, int SizeBytes, IReadOnlyList<string> Sections, int SectionCount);
