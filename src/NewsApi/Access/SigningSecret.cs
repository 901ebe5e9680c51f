using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NewsApi.Storage;

namespace NewsApi.Access;

/// <summary>The secret of a database, read once: what it signs here is taken from nowhere else.</summary>
internal sealed class SigningSecret(NewsDatabase database)
{
    private byte[]? _secret;

    public byte[] Bytes => _secret ?? throw new InvalidOperationException("The secret of the database was not read.");

    public async Task LoadAsync(CancellationToken cancel) => _secret = await database.ReadModelAsync(
        (db, _) => db.Secrets.Select(s => s.PreviewLinks).SingleAsync(cancel), cancel);

    /// <summary>A key of its own for another purpose than that of preview links, 32 bytes.</summary>
    public byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, 32, info: Encoding.UTF8.GetBytes(purpose));
}
