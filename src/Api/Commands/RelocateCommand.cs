using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using static Relo.Api.Commands.OfflineFlags;

namespace Relo.Api.Commands;

/// <summary>
/// <c>relocate</c>: the use case of POST /v1/relocations on this machine's archive or on files, without a server.
/// <code>dotnet run --project src/Api -- relocate prog.bpf.o --btf /sys/kernel/btf/vmlinux -o prog.relocated.bpf.o</code>
/// </summary>
internal sealed class RelocateCommand(
    IMediator mediator, ObjectFile file, KernelFiles files, MemoryBudget budget, CommandLine command, TextWriter output, TextWriter error)
{
    /// <summary>Runs the command.</summary>
    /// <exception cref="CommandFailedException">It fails.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var (path, target, form) = (command.Arguments[0], command.Value(OutputFile), command.Value(ReportForm));
        var failOn = command.FailOnOf(otherwise: FailOn.Nothing);
        var bytes = await file.ReadAsync(path, cancellation);

        using var memory = budget.Share(MemoryUse.Work);
        var request = new Relocate(bytes, await files.QueryAsync(command, cancellation), failOn, memory) { IsKept = false };
        var result = await mediator.Send(request, cancellation);
        var made = (result as RelocationMade)?.Relocation ?? (result as RelocationUnwanted)?.Relocation
            ?? throw Failed(RelocationProblem.OfFailure(result, command.Value(KernelId) ?? ""));
        // The object is not kept, so it has no address.
        made = made with { Addresses = null };
        if (form is not null || target is null)
            await PrintAsync(made, path == ObjectFile.Standard ? null : Path.GetFileName(path), form ?? "text");
        if (result is RelocationUnwanted unwanted) throw new CommandFailedException(ExitStatus.Refused, unwanted.Detail);
        if (target is null) return ExitStatus.Done;
        await ObjectFile.WriteAsync(target, made.PatchedBytes, cancellation);
        await error.WriteLineAsync($"{target} is {path} for {made.Kernel.Id}, {made.Report.Verdict.ToString().ToLowerInvariant()}");
        return ExitStatus.Done;
    }

    private async Task PrintAsync(CompletedRelocation made, string? name, string form)
    {
        if (form == "json") await PrintableWriter.WriteJsonAsync(output, ReportDocument.Of(made, name));
        else await ReadableForms.WriteAsync(output, made.ToSheet(name), form);
    }

    private static CommandFailedException Failed(Problem problem) => new(ExitStatus.Of(problem), problem.Detail);
}
