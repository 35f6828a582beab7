namespace Relo.Core.Diagnoses;

/// <summary>A line of a log, without control characters and without the prefix that a journal writes.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct LogLine(int Number, string Text);
