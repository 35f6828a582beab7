using MediatR;
using Relo.Api.Types;
using static Relo.Api.Commands.OfflineFlags;

namespace Relo.Api.Commands;

/// <summary>
/// <c>types</c>: the use case of GET /v1/types/{name} on this machine's archive or on files, without a server.
/// <code>dotnet run --project src/Api -- types task_struct --btf /sys/kernel/btf/vmlinux</code>
/// </summary>
internal sealed class TypesCommand(IMediator mediator, KernelFiles files, CommandLine command, TextWriter output)
{
    /// <summary>The option for the kind.</summary>
    public const string Kind = "--kind";

    /// <summary>Runs the command.</summary>
    /// <exception cref="Http.Problems.RefusedException">There is no such kernel or type.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var asked = new TypeQuery(command.Arguments[0], command.Value(Kind), Module: null);
        var document = await mediator.Send(new DescribeType(asked, await files.QueryAsync(command, cancellation)), cancellation);
        if (command.Value(ReportForm) == "json")
        {
            await PrintableWriter.WriteJsonAsync(output, document);
            return ExitStatus.Done;
        }

        foreach (var line in document.ToText().TrimEnd('\n').Split('\n')) await output.WriteLineAsync(line);
        return ExitStatus.Done;
    }
}
