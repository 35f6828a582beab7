using MediatR;
using Relo.Api.Kernels;
using Relo.Archive.Kernels;

namespace Relo.Api.Commands;

/// <summary>
/// <c>list</c>: one kernel per line, in columns for <c>cut</c> and <c>awk</c>.
/// <code>dotnet run --project src/Api -- list</code>
/// </summary>
internal static class ListCommand
{
    private const int PageSize = 1000;

    /// <summary>Prints all kernels.</summary>
    public static async Task<int> RunAsync(IMediator mediator, TextWriter output, CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await mediator.Send(new ListKernels(new KernelFilter(), PageSize, after), cancellation);
            foreach (var kernel in page.Items)
                await output.WriteLineAsync($"{kernel.Id}\t{kernel.Btf}\t{kernel.BtfSizeBytes}\t{kernel.Source}");
            after = page.Next;
        }
        while (after is not null);
        return 0;
    }
}
