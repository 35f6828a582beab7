namespace Relo.Conformance.Oracle;

/// <summary>libbpf's result for a pair.</summary>
public enum OracleOutcome
{
    /// <summary>Every record was relocated.</summary>
    Relocated,

    /// <summary>A hard error: libbpf refused the records.</summary>
    Failed,

    /// <summary>libbpf does not open the object.</summary>
    OpenFailed,

    /// <summary>libbpf did not reach the records: there are none, or an earlier error stopped it.</summary>
    NotReached,

    /// <summary>libbpf crashed or hung.</summary>
    Died,
}

/// <summary>libbpf's result for a pair.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Error">The errno of bpf_object__open or bpf_object__load.</param>
/// <param name="Instructions">
/// By record (its byte offset in <c>.BTF.ext</c>): the instruction right behind that record, 16 bytes for a 64-bit load.
/// </param>
/// <param name="FailedRecord">The record it gave up on, when it came as far as computing or patching it.</param>
/// <param name="Log">libbpf's log: warnings, or everything when asked for.</param>
public sealed record OracleAnswer(
    OracleOutcome Outcome, int Error, IReadOnlyDictionary<int, byte[]> Instructions, int? FailedRecord, IReadOnlyList<string> Log);
