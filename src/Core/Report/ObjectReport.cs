namespace Relo.Core.Report;

/// <summary>The uploaded object.</summary>
/// <param name="Sha256"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="ByteOrder"><c>little</c> or <c>big</c>.</param>
/// <param name="License">Text of the <c>license</c> section, if there is one.</param>
/// <param name="Programs">Entry programs and subprograms.</param>
public sealed record ObjectReport(string Sha256, long SizeBytes, string ByteOrder, string? License, IReadOnlyList<ProgramReport> Programs);
