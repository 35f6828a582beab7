namespace Relo.Core.Objects;

/// <summary>The C source line of an instruction, from <c>.BTF.ext</c>.</summary>
public sealed record SourceLine(string File, int Line, int Column, string Text);
