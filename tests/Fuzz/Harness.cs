namespace Relo.Fuzz;

/// <summary>One entry point of untrusted bytes.</summary>
/// <param name="Name">Its name on the command line and that of its folder of findings.</param>
/// <param name="About">What is fed.</param>
/// <param name="Seeds">Sound inputs to begin with.</param>
/// <param name="Run">Feeds an input; throws for what is refused.</param>
internal sealed record Harness(string Name, string About, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Run)
{
    /// <summary>Longest generated input; longer ones are truncated.</summary>
    public int MaxBytes { get; init; } = 32 << 10;

    /// <summary>Bytes that may be allocated for any input.</summary>
    public long AllowedAnyway { get; init; } = 16 << 20;

    /// <summary>Bytes that may be allocated for each byte of input.</summary>
    public int AllowedPerByte { get; init; } = 512;

    /// <summary>Words of the format, to insert anywhere.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>How many mutations the tests run: a format that is slow to unpack gets fewer.</summary>
    public int Mutations { get; init; } = 4_000;

    /// <summary>Whether every input is refused, the sound ones too: then only that nothing else happens counts.</summary>
    public bool AcceptsNone { get; init; }

    /// <summary>The tools that this machine lacks to build the seeds; null if none.</summary>
    public string? Lacks { get; init; }

    public override string ToString() => Name;
}
