namespace Relo.Archive.KernelFiles.Packages;

/// <summary>A member of a cpio.</summary>
internal sealed record CpioMember(string Name, bool IsFile, long SizeBytes);
