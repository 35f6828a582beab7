using MediatR;
using Relo.Api.Compatibility;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Archive.Kernels;
using static Relo.Api.Commands.OfflineFlags;

namespace Relo.Api.Commands;

/// <summary>
/// <c>check</c>: the use case of POST /v1/compatibility on this machine's archive or on files, without a server.
/// <code>dotnet run --project src/Api -- check prog.bpf.o --kernels 'ubuntu/*/x86_64/*'</code>
/// </summary>
internal sealed class CheckCommand(
    IMediator mediator, ObjectFile file, KernelFiles files, MemoryBudget budget, CommandLine command, TextWriter output)
{
    /// <summary>Runs the command.</summary>
    /// <exception cref="CommandFailedException">It fails, or a kernel has an outcome of <c>--fail-on</c>.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var form = command.Value(ReportForm) ?? "text";
        var failOn = command.FailOnOf(otherwise: FailOn.Broken | FailOn.Absent);
        var pattern = command.Value(KernelPattern);
        var filter = pattern is null ? new KernelFilter() : KernelGlob.Parse(pattern);
        var path = command.Arguments[0];
        var bytes = await file.ReadAsync(path, cancellation);
        if (pattern is null) await files.AddAsync(command.All(BtfFile), command.All(ModuleFile), cancellation);

        using var memory = budget.Share(MemoryUse.Work);
        var result = await mediator.Send(new CheckCompatibility(new RequestedObject.Uploaded(bytes), filter, memory), cancellation);
        if (result is not CompatibilityBegun begun)
        {
            var none = Problem.NoKernelMatches($"{KernelPattern} {pattern}");
            throw new CommandFailedException(ExitStatus.Of(none), none.Detail);
        }

        var document = await begun.SumUpAsync(path == ObjectFile.Standard ? null : path, cancellation);
        var problem = IncompatibleKernels.Find(failOn, document);
        await PrintAsync(document, form, problem);
        return problem is null ? ExitStatus.Done : throw new CommandFailedException(ExitStatus.Refused, problem.Detail);
    }

    private async Task PrintAsync(CompatibilityDocument document, string form, Problem? problem)
    {
        switch (form)
        {
            case "json":
                await PrintableWriter.WriteJsonAsync(output, document);
                break;
            case "sarif":
                await PrintableWriter.WriteJsonAsync(output, SarifOfCompatibility.Of(document, problem: null));
                break;
            default:
                await ReadableForms.WriteAsync(output, CompatibilityReadable.SheetOf(document, problem?.Detail), form);
                break;
        }
    }
}
