namespace Relo.Archive.KernelFiles;

/// <summary>The settings of pahole.</summary>
/// <param name="Program">Name or path of the program.</param>
/// <param name="Time">Time limit.</param>
/// <param name="MemoryBytes">Limit for its address space.</param>
internal sealed record PaholeSettings(string Program, TimeSpan Time, long MemoryBytes);
