using MediatR;
using Relo.Archive.Import;

namespace Relo.Api.Kernels;

/// <summary>Adds the kernels of a file or folder on this machine; from the command line only.</summary>
internal sealed record ImportKernels(string Path, IProgress<ImportProgress> Progress) : IRequest<ImportSummary>;

/// <summary>Calls the importer.</summary>
internal sealed class ImportKernelsHandler(KernelImporter importer) : IRequestHandler<ImportKernels, ImportSummary>
{
    /// <inheritdoc/>
    public Task<ImportSummary> Handle(ImportKernels request, CancellationToken cancellationToken)
        => importer.ImportAsync(request.Path, request.Progress, cancellationToken);
}
