namespace Relo.Core.MinimalBtf;

/// <summary>The minimal BTF.</summary>
/// <param name="Bytes">Raw BTF.</param>
/// <param name="IsWidened">Whether it has more types than bpftool's, which would relocate this object differently from the whole
/// BTF.</param>
public sealed record MinimalBtfMade(ReadOnlyMemory<byte> Bytes, bool IsWidened) : MinimalBtfOutcome;
