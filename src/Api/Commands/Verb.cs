namespace Relo.Api.Commands;

/// <summary>The actions of the program.</summary>
internal enum Verb
{
    /// <summary>Answer HTTP.</summary>
    Serve,

    /// <summary>Add kernels.</summary>
    Import,

    /// <summary>Fetch all kernels of a source.</summary>
    Sync,

    /// <summary>Print kernels.</summary>
    List,

    /// <summary>Check the stored data.</summary>
    Verify,

    /// <summary>Remove unneeded data.</summary>
    Prune,

    /// <summary>Export kernels.</summary>
    Export,

    /// <summary>Copy the state.</summary>
    Backup,

    /// <summary>Copy everything to another archive.</summary>
    Migrate,

    /// <summary>Relocate an object without a server.</summary>
    Relocate,

    /// <summary>Check an object on kernels without a server.</summary>
    Check,

    /// <summary>Explain a log without a server.</summary>
    Diagnose,

    /// <summary>Print a type without a server.</summary>
    Types,

    /// <summary>Make a key that signs.</summary>
    Keygen,

    /// <summary>Check a signed statement.</summary>
    VerifyAttestation,

    /// <summary>Check the running service.</summary>
    Health,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print the usage.</summary>
    Help,

    /// <summary>None of these.</summary>
    Unknown,
}
