namespace Relo.Core.Diagnoses;

/// <summary>A line that is not understood.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">Its text, without control characters.</param>
public sealed record UnknownLine(int Line, string Text);
