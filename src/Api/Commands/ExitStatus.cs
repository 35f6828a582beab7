using Relo.Api.Http.Problems;

namespace Relo.Api.Commands;

/// <summary>
/// The exit status of the commands that do the work of a route without a server, of <c>keygen</c> and of <c>verify-attestation</c>: the
/// same as that of fetch.sh for the same problem.
/// </summary>
internal static class ExitStatus
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The archive or a file cannot be used.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, or the output is an original object and would be lost.</summary>
    public const int WrongUsage = 2;

    /// <summary>There is no such kernel, or no such file.</summary>
    public const int NotHere = 3;

    /// <summary>Refused: no BPF object, relocation impossible, or an outcome of <c>--fail-on</c>.</summary>
    public const int Refused = 4;

    /// <summary>The output cannot be written.</summary>
    public const int NotWritten = 6;

    /// <summary>A signature does not verify, or is about other bytes.</summary>
    public const int NotSigned = 9;

    /// <summary>The status for a problem of a route.</summary>
    public static int Of(Problem problem) => problem.Kind.Status switch
    {
        StatusCodes.Status404NotFound or StatusCodes.Status409Conflict => NotHere,
        StatusCodes.Status429TooManyRequests or >= 500 => Failed,
        _ => Refused,
    };
}
