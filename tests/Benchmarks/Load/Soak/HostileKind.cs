namespace Relo.Benchmarks.Load.Soak;

/// <summary>A kind of hostile request.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Clients">How many clients ask it, each again as soon as it is answered and has waited.</param>
/// <param name="AskAsync">Asks once; returns the status, null where the connection failed.</param>
internal sealed record HostileKind(string Name, int Clients, Func<HttpClient, long, CancellationToken, Task<int?>> AskAsync);
