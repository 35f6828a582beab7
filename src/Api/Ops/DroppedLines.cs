namespace Relo.Api.Ops;

/// <summary>Log lines that were dropped because standard error was not read.</summary>
internal sealed class DroppedLines
{
    private long _count;

    /// <summary>The number since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts one.</summary>
    public void Add() => Interlocked.Increment(ref _count);
}
