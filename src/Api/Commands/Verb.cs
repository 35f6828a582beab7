namespace Relo.Api.Commands;

/// <summary>What the program can do.</summary>
internal enum Verb
{
    /// <summary>Answer HTTP.</summary>
    Serve,

    /// <summary>Add kernels.</summary>
    Import,

    /// <summary>Print kernels.</summary>
    List,

    /// <summary>Check what is stored.</summary>
    Verify,

    /// <summary>Remove what is not needed.</summary>
    Prune,

    /// <summary>Write kernels out.</summary>
    Export,

    /// <summary>Copy the state.</summary>
    Backup,

    /// <summary>Copy everything to another archive.</summary>
    Migrate,

    /// <summary>Ask the running service.</summary>
    Health,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print the usage.</summary>
    Help,

    /// <summary>None of these.</summary>
    Unknown,
}
