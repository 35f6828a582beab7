namespace Relo.Benchmarks.Load.Soak;

/// <summary>A kind of hostile request.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Clients">How many clients ask it, each again as soon as it is answered and has waited.</param>
/// <param name="AskAsync">
/// Asks once; returns the status, <see cref="CutOff"/> where the answer began and did not end, null where the connection failed.
/// </param>
/// <param name="IsMadeWhileSent">Whether the answer begins before all of it is made: what then lacks memory can only be cut off.</param>
internal sealed record HostileKind(
    string Name, int Clients, Func<HttpClient, long, CancellationToken, Task<int?>> AskAsync, bool IsMadeWhileSent = false)
{
    /// <summary>The answer began and did not end.</summary>
    public const int CutOff = 0;

    // Statuses that a client can act on. All others are faults of the service.
    private static readonly HashSet<int?> Allowed = [200, 206, 304, 413, 422, 429, 504];

    /// <summary>Whether the service may answer so.</summary>
    public bool Allows(int? status) => Allowed.Contains(status) || (IsMadeWhileSent && status == CutOff);
}
