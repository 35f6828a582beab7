namespace Relo.Core.MinimalBtf;

/// <summary>Minimal BTF was made.</summary>
/// <param name="Bytes">Raw BTF.</param>
/// <param name="IsWidened">Whether it holds more than bpftool's would, which relocates this object otherwise than the whole BTF.</param>
public sealed record MinimalBtfMade(ReadOnlyMemory<byte> Bytes, bool IsWidened) : MinimalBtfOutcome;
