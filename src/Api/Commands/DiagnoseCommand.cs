using MediatR;
using Relo.Api.Diagnoses;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;

namespace Relo.Api.Commands;

/// <summary>
/// <c>diagnose</c>: the use case of POST /v1/diagnoses on this machine's archive or on files, without a server.
/// <code>dotnet run --project src/Api -- diagnose prog.bpf.o --log load.log --btf /sys/kernel/btf/vmlinux</code>
/// </summary>
internal sealed class DiagnoseCommand(
    IMediator mediator, ObjectFile file, KernelFiles files, MemoryBudget budget, CommandLine command, TextWriter output)
{
    /// <summary>Runs the command, and prints the diagnosis.</summary>
    /// <exception cref="CommandFailedException">It fails.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var path = command.Arguments[0];
        var bytes = await file.ReadAsync(path, cancellation);
        var log = await file.ReadAsync(command.Value(OfflineFlags.Log)!, cancellation);
        var query = await files.QueryAsync(command, cancellation);
        using var memory = budget.Share(MemoryUse.Work);
        switch (await mediator.Send(new Diagnose(new RequestedObject.Uploaded(bytes), log, query, memory), cancellation))
        {
            case LogDiagnosed done:
                await PrintAsync(done, path == ObjectFile.Standard ? null : Path.GetFileName(path));
                return ExitStatus.Done;
            case DiagnoseUnresolved unresolved:
                var problem = Problem.Of(unresolved.Resolution, query.Kernel);
                throw new CommandFailedException(ExitStatus.Of(problem), problem.Detail);
            case var other:
                throw new InvalidOperationException(other.GetType().Name);
        }
    }

    private async Task PrintAsync(LogDiagnosed done, string? name)
    {
        var form = command.Value(OfflineFlags.ReportForm) ?? "text";
        if (form == "json") await PrintableWriter.WriteJsonAsync(output, DiagnosisDocument.Of(done, name));
        else await ReadableForms.WriteAsync(output, done.ToSheet(name), form);
    }
}
