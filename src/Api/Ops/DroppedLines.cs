namespace Relo.Api.Ops;

/// <summary>Log lines that were dropped because standard error was not read or failed.</summary>
internal sealed class DroppedLines
{
    private long _count;

    /// <summary>The number since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts some.</summary>
    public void Add(int lines = 1) => Interlocked.Add(ref _count, lines);
}
