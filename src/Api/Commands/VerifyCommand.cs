using MediatR;
using Relo.Archive.Upkeep;

namespace Relo.Api.Commands;

/// <summary>Checks all stored data; from the command line only.</summary>
internal sealed record VerifyArchive : IRequest<VerifyReport>;

/// <summary>Calls the verifier.</summary>
internal sealed class VerifyArchiveHandler(ArchiveVerifier verifier) : IRequestHandler<VerifyArchive, VerifyReport>
{
    /// <inheritdoc/>
    public Task<VerifyReport> Handle(VerifyArchive request, CancellationToken cancellationToken) => verifier.VerifyAsync(cancellationToken);
}

/// <summary>
/// <c>verify</c>: checks that no stored kernel or object has changed; may run beside the service.
/// <code>dotnet run --project src/Api -- verify</code>
/// </summary>
internal static class VerifyCommand
{
    /// <summary>Exit status 0 if nothing is wrong. BTF without a kernel is reported, but is not a fault.</summary>
    public static async Task<int> RunAsync(IMediator mediator, TextWriter output, CancellationToken cancellation)
    {
        var report = await mediator.Send(new VerifyArchive(), cancellation);
        foreach (var fault in report.Faults) await output.WriteLineAsync($"fault {fault}");
        foreach (var unused in report.Unused) await output.WriteLineAsync($"unused {unused.Btf} {unused.SizeBytes} bytes");
        foreach (var path in report.Quarantined) await output.WriteLineAsync($"quarantined {path}");
        if (report.AuditHead is { } head) await output.WriteLineAsync($"audit trail of {report.AuditEntries} entries up to {head}");
        await output.WriteLineAsync(
            $"{report.Kernels} kernels, {report.Modules} modules, {report.Btf} BTF, {report.Objects} objects: "
                + $"{(report.Faults.Count == 0 ? "nothing wrong" : $"{report.Faults.Count} faults")}"
            + (report.Unused.Count == 0 ? "" : $"; {report.Unused.Count} BTF of {report.Unused.Sum(u => u.SizeBytes)} bytes unused, "
                + "'prune' removes them"));
        return report.Faults.Count == 0 ? 0 : 1;
    }
}
